/** A table for a terminal; the first column and those titled `left` are left-aligned, the others right-aligned. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly string[] = [],
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const isLeft = (column: number) => column === 0 || left.includes(header[column] ?? "");
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        isLeft(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("───");
  return [line(header), rule, ...rows.map(line)].join("\n");
}

/** 12,345 */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
