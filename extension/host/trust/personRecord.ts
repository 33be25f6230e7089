// One person's record in VS Code's global state, and what can be recovered from a damaged one. A block is never lost
// while it is readable in any form, and an unreadable key never makes anyone known.
import * as v from "valibot";
import { Pin } from "../../../protocol/fields.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { KnownPeer } from "../../core/model/person.ts";

const Person = v.object({
  name: v.string(),
  pin: v.nullable(Pin),
  verified: v.boolean(),
  blocked: v.boolean(),
  unproven: v.exactOptional(v.literal(true)),
  at: v.number(),
});

/** Each field is checked separately. Any value of `blocked` other than `false` means that the person is blocked. */
const Remains = v.object({
  name: v.fallback(v.string(), ""),
  pin: v.fallback(v.nullable(Pin), null),
  verified: v.fallback(v.boolean(), false),
  blocked: v.fallback(v.optional(v.boolean(), false), true),
  unproven: v.optional(v.unknown()),
  at: v.fallback(v.number(), 0),
});

/** Finds a block in text that is no longer JSON. */
const BLOCKED = /"blocked"\s*:(?!\s*false\b)/u;
const PIN = /"pin"\s*:\s*"([\w-]{43})"/u;

/** `person` is null if nothing in the record is usable; `name` is the one it is saved under. */
export type FoundPerson = {
  readonly name: string;
  readonly person: KnownPeer | null;
  readonly isDamaged: boolean;
};

/** @param name the key of the name that the record is saved under */
export function readPerson(value: unknown, name: string): FoundPerson {
  const whole = v.safeParse(Person, value);
  if (whole.success) return { name: whole.output.name, person: whole.output, isDamaged: false };
  if (value === undefined) return { name, person: null, isDamaged: false };
  const remains = v.safeParse(Remains, typeof value === "string" ? fieldsIn(value) : value);
  if (!remains.success) return { name, person: null, isDamaged: true };
  const { unproven, ...output } = remains.output;
  const person: KnownPeer = {
    ...output,
    name: nameKey(output.name) === name ? output.name : name,
    ...(unproven === undefined ? {} : { unproven: true }),
  };
  const isOfUse = person.blocked || person.pin !== null;
  return { name: person.name, person: isOfUse ? person : null, isDamaged: true };
}

function fieldsIn(text: string): { pin?: string; blocked: boolean } {
  const pin = PIN.exec(text)?.[1];
  return { blocked: BLOCKED.test(text), ...(pin === undefined ? {} : { pin }) };
}
