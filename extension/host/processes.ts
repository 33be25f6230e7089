// Whether another process lives, by its id: files of windows bear it, so that those of dead ones can be taken over.

/** True as well for an id that the system has given to somebody else meanwhile. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // There, but another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
