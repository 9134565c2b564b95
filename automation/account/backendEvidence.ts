/**
 * Whether the backend that was asked is the one that would know a stack. Asked of another, a living environment looks as if its state were lost:
 * every resource carries the tags, and no state knows any.
 */
import type { Engine } from "../engine/engine.ts";
import { isPlacedIn } from "../phases/statePlace.ts";
import type { ResourcePlace } from "../phases/statePlace.ts";

export interface BackendEvidence {
    /** Whether something there says so: the stack's own history, or another stack in the same account and region. */
    readonly isFound: boolean;
    /** What was found, for people, beginning with the backend. */
    readonly text: string;
}

export interface BackendQuestion {
    readonly engine: Engine;
    /** The backend, as people know it. */
    readonly backend: string;
    /** The Pulumi stack. */
    readonly stack: string;
    /** Where the credentials and the configuration lead. */
    readonly place: ResourcePlace;
}

/** An engine that keeps the state of one stack alone cannot have been asked in the wrong place. */
export async function weighBackend({ engine: { backendView }, backend, stack, place }: BackendQuestion): Promise<BackendEvidence> {
    if (backendView === undefined || await backendView.wasDeployed()) return { isFound: true, text: `${backend} knows ${stack}` };
    for (const other of await backendView.otherStacks()) {
        if ((await backendView.resourcesOf(other)).some((resource) => isPlacedIn(resource, place))) {
            return { isFound: true, text: `${backend} knows nothing of ${stack}, but ${other} in the same account and region` };
        }
    }
    return { isFound: false, text: `${backend} knows neither ${stack} nor any other stack of this project in account ${place.account}, ${place.region}` };
}
