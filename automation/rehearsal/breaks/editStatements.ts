/** Changes statements in the policies of roles, wherever the document is already known. */
import type { InputTransformation } from "../../engine/embedded/inputTransformation.ts";
import { ROLE_POLICY } from "../../preflight/planReading/policies.ts";

type Statement = Readonly<Record<string, unknown>>;

export function editStatements(edit: (statement: Statement) => Statement): InputTransformation {
    return ({ type }, inputs) => {
        const { policy } = inputs;
        if (type !== ROLE_POLICY || typeof policy !== "string") return inputs;
        const document = JSON.parse(policy) as { Statement: Statement | readonly Statement[] };
        const statements = [document.Statement].flat() as readonly Statement[];
        return { ...inputs, policy: JSON.stringify({ ...document, Statement: statements.map(edit) }) };
    };
}
