/** What an update that did not come to its end says of itself: what is, and what a person can do. */
import { mergeIntoInput } from "./states.ts";
import type { State, States } from "./states.ts";

const ENDPOINT = "'The endpoint ' & $states.input.endpointName";
const SEEN = "$states.input.seen";

/** Failed endpoints can only be deleted (SageMaker API, DescribeEndpoint, EndpointStatus). */
export function buildFailureReports(): States {
    return {
        SayReturned: buildReport("UpdateReturned", "RestoreAfterFailure", [
            ENDPOINT,
            `' did not take the new model and serves the former one: ' & ${SEEN}.reason`,
            "'; fix: look at its log, then train again'",
        ]),
        SayBroken: buildReport("EndpointFailed", "RestoreAfterFailure", [
            ENDPOINT,
            `' failed: ' & ${SEEN}.reason`,
            "'; it can only be deleted; fix: switch endpoints off and on again'",
        ]),
        SayHanging: buildReport("UpdateNotInService", "RollBackEndpoint", [
            ENDPOINT,
            `' was not in service with the new model in time (' & ${SEEN}.status & '): ' & ${SEEN}.reason`,
            "'; it was put back to the former one'",
        ]),
        SayStuck: buildReport("EndpointStuck", "IsFormerServing", [
            ENDPOINT,
            "' could not be put back to its former configuration ' & $states.input.endpoint.configuration",
            "', after: ' & $string($states.input.error.Cause)",
            "'; fix: look at its status: when it is Failed switch endpoints off and on again, '",
            "'else update it to that configuration by hand'",
        ]),
    };
}

/** @param cause JSONata, in parts that are joined. */
function buildReport(error: string, next: string, cause: readonly string[]): State {
    return {
        Type: "Pass",
        QueryLanguage: "JSONata",
        Output: mergeIntoInput(`{ 'error': { 'Error': '${error}', 'Cause': ${cause.join(" & ")} } }`),
        Next: next,
    };
}
