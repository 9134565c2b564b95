/** `node tests/proofs/preflight/writePage.ts` writes docs/preflight-proof.md anew. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { PROJECT_FOLDER, readResult } from "../proof.ts";
import { preflightMutations } from "./cases.ts";
import { renderPreflightPage } from "./page.ts";

const result = readResult("preflight");
if (result === undefined) throw new Error("the proof preflight was never run in full: npm run proof:preflight");
writeFileSync(path.join(PROJECT_FOLDER, "docs", "preflight-proof.md"), renderPreflightPage(result, preflightMutations));
