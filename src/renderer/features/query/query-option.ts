import type { EChartsCoreOption } from 'echarts/core';
import type { Tokens } from '../../charts/tokens.ts';
import { formatTime, type Zone } from '../../format/time.ts';
import type { Drawing } from './cells.ts';

/** Lines are told apart by their strokes: colour belongs to crowding. */
export const STROKES: readonly { readonly tone: 'text1' | 'text2' | 'text3'; readonly type: 'solid' | readonly number[] }[] = [
  { tone: 'text1', type: 'solid' },
  { tone: 'text2', type: [4, 3] },
  { tone: 'text3', type: 'solid' },
  { tone: 'text1', type: [1, 3] },
  { tone: 'text2', type: [8, 3] },
  { tone: 'text3', type: [2, 2] },
];

const DAY = 86_400_000;

export function queryStructure({ over, lines }: Drawing, tokens: Tokens, zone: Zone): EChartsCoreOption {
  const label = { color: tokens.text3, fontFamily: tokens.font, fontSize: 11, margin: 8 };
  const [first, last] = [lines[0]?.x[0] ?? 0, lines[0]?.x.at(-1) ?? 0];
  const time = (t: number): string => formatTime(t, last - first > 3 * DAY ? 'day' : 'minute', zone);
  return {
    animation: false,
    useUTC: zone === 'utc',
    backgroundColor: 'transparent',
    grid: [{ left: 24, right: 84, top: 12, bottom: 26 }],
    xAxis: [
      {
        type: over === 'time' ? 'time' : 'value',
        scale: true,
        axisLine: { show: true, onZero: false, lineStyle: { color: tokens.line1 } },
        axisTick: { show: false },
        axisLabel: { hideOverlap: true, ...label, ...(over === 'time' && { formatter: time }) },
        splitLine: { show: false },
      },
    ],
    yAxis: [
      {
        type: 'value',
        position: 'right',
        scale: true,
        axisLine: { show: false },
        axisLabel: { hideOverlap: true, ...label },
        splitLine: { show: true, lineStyle: { color: tokens.line1 } },
      },
    ],
    series: lines.map(({ name }, i) => {
      const { tone, type } = STROKES[i % STROKES.length] ?? STROKES[0] ?? { tone: 'text1', type: 'solid' };
      return {
        id: `${i} ${name}`,
        type: 'line',
        animation: false,
        silent: true,
        symbol: 'none',
        sampling: 'lttb',
        lineStyle: { color: tokens[tone], width: 1.5, type },
      };
    }),
  };
}

export const queryData = ({ lines }: Drawing): EChartsCoreOption => ({
  series: lines.map(({ name, x, y }, i) => ({ id: `${i} ${name}`, data: Array.from(x, (at, row) => [at, y[row] ?? NaN]) })),
});
