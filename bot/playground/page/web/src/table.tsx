// data_table: rows under a header row, folded to a page.
import { useState } from "preact/hooks";
import { Rich } from "./text";
import type { Block, Cell } from "./model";

const PAGE = 5;

export function DataTable({ block }: { block: Block }) {
  const [all, showAll] = useState(false);
  const [head = [], ...rows] = block.rows ?? [];
  const page = block.page_size ?? PAGE;
  const shown = all ? rows : rows.slice(0, page);
  const named = block.row_header_column_index ?? 0;
  return (
    <div class="table" tabIndex={0} role="group" aria-label={block.caption}>
      <table>
        <caption>{block.caption}</caption>
        <thead>
          <tr>{head.map((cell) => <th scope="col"><Filled cell={cell} /></th>)}</tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr>
              {row.map((cell, column) =>
                column === named ?
                  <th scope="row"><Filled cell={cell} /></th>
                : <td class={cell.type}><Filled cell={cell} /></td>,
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > page && (
        <button type="button" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? "Show fewer rows" : `Show all ${rows.length} rows`}
        </button>
      )}
    </div>
  );
}

function Filled({ cell }: { cell: Cell }) {
  if (cell.elements) return <Rich parts={cell.elements} />;
  return <>{cell.text ?? cell.value}</>;
}
