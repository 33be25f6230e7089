// Clones without all objects: git fetches those that it reads.

/** Keys of git, and of Microsoft's git for very large repositories. */
const KEY = /^(?:promisor|partialclone|virtualizeobjects|usegvfshelper)/i;

/** @param config the text of a `.git/config` */
export function isPartialClone(config: string): boolean {
  return config.split("\n").some((line) => KEY.test(line.replace(/^\s*(?:\[[^\]]*\])?\s*/, "")));
}
