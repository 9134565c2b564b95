/** What the process that runs the unit tests is sent, and answers. */

/** Instead of a mutation: the program as it is. */
export const AS_IT_IS = "as it is";

/** Of one run of the tests. */
export interface UnitAnswer {
    readonly passed: number;
    /** The first test that failed, with its reason. */
    readonly failure?: string;
}
