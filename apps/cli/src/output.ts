/** A row of a table: column name → text, number or nothing. */
export type TableRow = Record<string, string | number | boolean | null | undefined>;

/** What a command says: text for people, or JSON on one channel for programs. */
export class Output {
  constructor(private readonly stream: NodeJS.WritableStream = process.stdout) {}

  /** One line of text. */
  line(text = ''): void {
    this.stream.write(`${text}\n`);
  }

  /** Rows under aligned headings, or as a JSON array; `empty` is said when there are none. */
  table(rows: readonly TableRow[], options: { json?: boolean; empty: string }): void {
    if (options.json) return this.json(rows);
    if (rows.length === 0) return this.line(options.empty);
    const columns = Object.keys(rows[0] ?? {});
    const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => cell(row[column]).length)));
    const render = (cells: string[]): string =>
      cells
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd();
    this.line(render(columns.map((column) => column.toUpperCase())));
    for (const row of rows) this.line(render(columns.map((column) => cell(row[column]))));
  }

  /** A value as indented JSON. */
  json(value: unknown): void {
    this.line(JSON.stringify(value, null, 2));
  }
}

function cell(value: TableRow[string]): string {
  if (value === null || value === undefined || value === '') return '-';
  return String(value);
}
