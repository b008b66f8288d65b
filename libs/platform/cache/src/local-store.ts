interface Entry {
  readonly value: unknown;
  readonly storedAt: number;
  readonly expiresAt: number;
  readonly tags: readonly string[];
  /** Read since eviction last looked at it. */
  used: boolean;
}

/**
 * Values in memory with an end and tags, at most `maxEntries`. Eviction is second chance: it walks from the oldest and
 * spares, once, what has been read since; a hit only sets a flag, where least-recently-used would rewrite the map.
 */
export class LocalStore {
  private readonly entries = new Map<string, Entry>();
  private readonly keysOfTag = new Map<string, Set<string>>();

  constructor(private readonly maxEntries: number) {}

  get size(): number {
    return this.entries.size;
  }

  /** The live entry, or undefined. An entry from the future (the clock was set back) is not believed. */
  find(key: string, now: number): { readonly value: unknown } | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (now >= entry.expiresAt || now < entry.storedAt) {
      this.delete(key);
      return undefined;
    }
    entry.used = true;
    return entry;
  }

  set(key: string, value: unknown, now: number, ttlMs: number, tags: readonly string[]): void {
    this.delete(key);
    if (this.entries.size >= this.maxEntries) this.evictOne();
    this.entries.set(key, { value, storedAt: now, expiresAt: now + ttlMs, tags, used: false });
    for (const tag of tags) {
      const keys = this.keysOfTag.get(tag);
      if (keys) keys.add(key);
      else this.keysOfTag.set(tag, new Set([key]));
    }
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    for (const tag of entry.tags) {
      const keys = this.keysOfTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.keysOfTag.delete(tag);
    }
  }

  deleteTag(tag: string): void {
    for (const key of this.keysOfTag.get(tag) ?? []) this.delete(key);
  }

  clear(): void {
    this.entries.clear();
    this.keysOfTag.clear();
  }

  private evictOne(): void {
    for (const [key, entry] of this.entries) {
      if (!entry.used) return this.delete(key);
      entry.used = false;
      this.entries.delete(key);
      this.entries.set(key, entry);
    }
  }
}
