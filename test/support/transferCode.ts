// The code of the core that transfers files, as one object, so that a mutant can take its place.
import * as incomingModule from "../../extension/core/transfers/incoming.ts";
import * as receivingModule from "../../extension/core/transfers/receivingState.ts";
import * as sendingModule from "../../extension/core/transfers/sending.ts";
import * as offersModule from "../../extension/core/transfers/sendingState.ts";

/** The code under test, or a mutant of it. */
export const transfers = { ...incomingModule, ...receivingModule, ...sendingModule, ...offersModule };
export type Transfers = typeof transfers;
