import { type Tree } from '@angular-devkit/schematics';
import { format, type Options } from 'prettier';
import { Refusal } from './refusal.ts';
import { type SourceText } from './source-edit.ts';

/** What one run writes: collected in the tree, formatted at the end, on the disk only when nothing was refused. */
export class Changes {
  /** Files that were there already and stay as they are. */
  readonly kept: string[] = [];
  private readonly touched = new Set<string>();
  /** By folder: a tree lists its files slowly, and is asked often. */
  private readonly listings = new Map<string, string[]>();
  private readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  /** Whether nothing was written, because all of it is there. */
  get isNothing(): boolean {
    return this.touched.size === 0;
  }

  has(path: string): boolean {
    return this.tree.exists(path);
  }

  /** @throws Refusal when the file is missing */
  read(path: string): SourceText {
    if (!this.has(path)) throw new Refusal(`${path} is missing: restore it, then repeat`);
    return { path, text: this.tree.readText(path) };
  }

  /** Names of the files below a folder, from the root of the repository. */
  filesBelow(folder: string): readonly string[] {
    const known = this.listings.get(folder);
    if (known) return known;
    const files: string[] = [];
    this.tree.getDir(folder).visit((path) => void files.push(path.replace(/^\//, '')));
    this.listings.set(folder, files);
    return files;
  }

  foldersOf(folder: string): string[] {
    return this.tree.getDir(folder).subdirs;
  }

  /** What was written and is still there. */
  written(): SourceText[] {
    return [...this.touched].filter((path) => this.has(path)).map((path) => this.read(path));
  }

  /** Write a new file; one that is there stays as it is. */
  create(path: string, text: string): void {
    if (this.has(path)) {
      this.kept.push(path);
      return;
    }
    this.add(path, `${text.trim()}\n`);
    this.touched.add(path);
  }

  /** Write a file anew as `change` says; `fresh` is the text of one that is not there. */
  edit(path: string, change: (source: SourceText) => SourceText, fresh?: string): void {
    const source = fresh !== undefined && !this.has(path) ? { path, text: fresh } : this.read(path);
    const { text } = change(source);
    if (!this.has(path)) this.add(path, text);
    else if (text === source.text) return;
    else this.tree.overwrite(path, text);
    this.touched.add(path);
  }

  /** Take away all files below a folder. */
  deleteBelow(folder: string): void {
    for (const file of this.filesBelow(folder)) {
      this.tree.delete(file);
      this.touched.add(file);
    }
    this.listings.clear();
  }

  /** Do to another tree what was done to this one. */
  applyTo(tree: Tree): void {
    for (const path of this.touched) {
      if (!this.has(path)) tree.delete(path);
      else if (tree.exists(path)) tree.overwrite(path, this.tree.readText(path));
      else tree.create(path, this.tree.readText(path));
    }
  }

  private add(path: string, text: string): void {
    this.tree.create(path, text);
    for (const [folder, files] of this.listings) if (path.startsWith(`${folder}/`)) files.push(path);
  }

  /** Put what was written into the house's format. */
  async format(): Promise<void> {
    const style = JSON.parse(this.read('.prettierrc.json').text) as Options;
    for (const path of this.touched) {
      if (!/\.(ts|mjs)$/.test(path) || !this.has(path)) continue;
      const text = this.tree.readText(path);
      const formatted = await format(text, { ...style, filepath: path });
      if (formatted !== text) this.tree.overwrite(path, formatted);
    }
  }
}
