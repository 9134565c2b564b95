/**
 * Pulumi requires a policy pack as CommonJS, with ts-node in the way of every required .ts file (run-policy-pack of @pulumi/pulumi).
 * What is imported from here is an ES module again, and Node itself strips its types.
 */
module.exports = () => import("./index.ts");
