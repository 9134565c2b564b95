/** `node tests/proofs/kill/writePage.ts` writes docs/resume.md anew. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { PROJECT_FOLDER, readResult } from "../proof.ts";
import { renderResumePage } from "./page.ts";

const result = readResult("kill");
if (result === undefined) throw new Error("the proof kill was never run in full: npm run proof:kill");
writeFileSync(path.join(PROJECT_FOLDER, "docs", "resume.md"), renderResumePage(result));
