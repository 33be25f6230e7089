// An extension that does nothing: what any extension costs to activate.
export function activate(): void {
  // Nothing is less than this.
}
