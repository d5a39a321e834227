export interface ChartPoint {
  /** Below the column, as `Mar`. */
  readonly label: string;
  /** Read out, as `March 2026`. */
  readonly name: string;
  /** Nothing where it is not known. */
  readonly value: number | null;
}

const width = 420;
const height = 180;
const bottom = 24;
const top = 14;
const left = 52;

/** Columns over time, with the same as a table for those who do not see them. */
export function ColumnChart({
  title,
  points,
  color = 'var(--chart-1)',
  format,
}: {
  title: string;
  points: readonly ChartPoint[];
  color?: string | undefined;
  format: (value: number) => string;
}) {
  const most = niceCeiling(Math.max(...points.map(({ value }) => value ?? 0), 0));
  const isEmpty = points.every(({ value }) => !value);
  const step = (width - left) / Math.max(points.length, 1);
  const y = (value: number) => height - bottom - (value / most) * (height - bottom - top);
  return (
    <figure class="figure">
      <figcaption>
        <h3>{title}</h3>
      </figcaption>
      <svg class="chart" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {(isEmpty ? [0] : [0, most / 2, most]).map((value) => (
          <g key={value}>
            <line class="grid" x1={left} x2={width} y1={y(value)} y2={y(value)} />
            <text x={left - 8} y={y(value) + 4} text-anchor="end">
              {format(value)}
            </text>
          </g>
        ))}
        {isEmpty && (
          <text class="chart-empty" x={(left + width) / 2} y={height / 2} text-anchor="middle">
            Nothing yet
          </text>
        )}
        {points.map(({ label, value }, at) => (
          <g key={label}>
            {value !== null && value > 0 && (
              <rect
                x={left + at * step + step * 0.2}
                y={Math.min(y(value), height - bottom - 2)}
                width={step * 0.6}
                height={Math.max(height - bottom - y(value), 2)}
                rx={Math.min(4, step * 0.2)}
                fill={color}
              />
            )}
            <text x={left + (at + 0.5) * step} y={height - 6} text-anchor="middle">
              {label}
            </text>
          </g>
        ))}
      </svg>
      <table class="visually-hidden">
        <caption>{title}</caption>
        <tbody>
          {points.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value === null ? 'not known' : format(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** A round number not below this one. */
function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 4, 5, 10].find((factor) => factor * power >= value) ?? 10);
}
