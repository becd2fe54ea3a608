// data_visualization: the picture for eyes, the same figures as a table for everybody.
import type { Block, Chart, Point } from "./model";

const WIDE = 480;
const HIGH = 160;

export function ChartFigure({ block }: { block: Block }) {
  const chart = block.chart;
  if (!chart) return null;
  const title = typeof block.title === "string" ? block.title : (block.title?.text ?? "Chart");
  const series = chart.series ?? [{ name: title, data: chart.segments ?? [] }];
  const labels = chart.axis_config?.categories ?? series[0]?.data.map((each) => each.label) ?? [];
  const value = (data: Point[], label: string) =>
    data.find((each) => each.label === label)?.value ?? 0;
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} aria-hidden="true">
        <Drawing chart={chart} rows={series.map((s) => labels.map((l) => value(s.data, l)))} />
      </svg>
      {series.length > 1 && (
        <ul class="legend">
          {series.map((each, n) => <li class={`s${n % 6}`}>{each.name}</li>)}
        </ul>
      )}
      <details>
        <summary>The figures</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{chart.axis_config?.x_label ?? "What"}</th>
              {series.map((each) => <th scope="col">{each.name}</th>)}
            </tr>
          </thead>
          <tbody>
            {labels.map((label) => (
              <tr>
                <th scope="row">{label}</th>
                {series.map((each) => <td class="raw_number">{value(each.data, label)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** `rows` are values by series and category; pie segments stand as bars, which compare better. */
function Drawing({ chart, rows }: { chart: Chart; rows: number[][] }) {
  const top = Math.max(1, ...rows.flat());
  const count = Math.max(1, rows[0]?.length ?? 1);
  const step = WIDE / count;
  const high = (value: number) => (Math.max(0, value) / top) * (HIGH - 4);
  const middle = (n: number) => n * step + step / 2;
  if (chart.type === "line" || chart.type === "area") {
    return (
      <>
        {rows.map((row, s) => {
          const line = row.map((v, n) => `${middle(n)},${HIGH - high(v)}`).join(" ");
          const area = `${middle(0)},${HIGH} ${line} ${middle(row.length - 1)},${HIGH}`;
          return (
            <>
              {chart.type === "area" && <polygon class={`area s${s % 6}`} points={area} />}
              <polyline class={`line s${s % 6}`} points={line} />
            </>
          );
        })}
      </>
    );
  }
  const wide = Math.min(60, (step * 0.7) / rows.length);
  return (
    <>
      {rows.map((row, s) =>
        row.map((value, n) => (
          <rect
            class={`s${s % 6}`}
            x={middle(n) - (wide * rows.length) / 2 + s * wide}
            y={HIGH - high(value)}
            width={wide * 0.92}
            height={high(value)}
            rx={2}
          />
        )),
      )}
    </>
  );
}
