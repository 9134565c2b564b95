/** What passes by itself: the driver waits and does it again. */
import { ofKind } from "./errorClass.ts";
import { identityEntries } from "./retry/identity.ts";
import { serviceEntries } from "./retry/services.ts";

export const retryClasses = ofKind("retry", [...identityEntries, ...serviceEntries]);
