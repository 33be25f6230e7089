// What the system says of this machine's network interfaces. Pure.

/** The interfaces by name; none if the system does not let this process list them (Termux, some sandboxes). */
export function listedInterfaces<Interfaces extends object>(
  list: () => Interfaces,
): Interfaces | Record<string, never> {
  try {
    return list();
  } catch {
    return {};
  }
}
