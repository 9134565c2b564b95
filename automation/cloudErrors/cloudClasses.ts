/** What has to change in the account or at AWS: quotas, permissions, capacity. */
import { accountEntries } from "./cloud/account.ts";
import { permissionEntries } from "./cloud/permissions.ts";
import { quotaEntries } from "./cloud/quotas.ts";
import { ofKind } from "./errorClass.ts";

/** The quotas last: their last class takes every limit that none of the others names. */
export const cloudClasses = ofKind("cloud", [...permissionEntries, ...accountEntries, ...quotaEntries]);
