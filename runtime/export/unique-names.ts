/** Names that are given once. */
export class UniqueNames {
  private readonly names = new Set<string>();

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** `name`, or with a number behind it when it is taken. */
  take(name: string): string {
    let candidate = name;
    for (let i = 2; this.names.has(candidate); i++) candidate = `${name}.${i}`;
    this.names.add(candidate);
    return candidate;
  }
}
