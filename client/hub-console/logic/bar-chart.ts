/** The chart library, only the parts used: bars on a canvas, a legend, a tooltip drawn as text. Loaded lazily. It gets figures and words and gives
 *  back which bar was pressed. */
import { BarChart as BarSeries } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { type Bars, stationSigns } from './figures.ts'
import type { Figure } from './filter.ts'
import { allowEmptyMarkup } from './trusted-types.ts'

use([AriaComponent, BarSeries, CanvasRenderer, GridComponent, LegendComponent, TooltipComponent])

export interface ChartWords {
  readonly label: string
  readonly sum: string
  readonly reason: (reason: string) => string
  readonly station: (station: string) => string
}

export interface BarChart {
  draw(bars: Bars, chosen: Figure | null, words: ChartWords): void
  close(): void
}

const colours = 6
/** The second six of the colours: striped. A visit whose reason is not known has no colour of its own. */
const stripes = {
  symbol: 'rect',
  dashArrayX: [1, 0],
  dashArrayY: [2, 4],
  rotation: -Math.PI / 4,
  color: 'rgba(255,255,255,0.55)',
}

/** The day; side by side the station's sign, with the day once below the middle one. */
function footOf(bars: Bars, index: number, words: ChartWords): string {
  const bar = bars.bars[index]
  const day = bar?.day.slice(5) ?? ''
  if (bars.apart.length === 0) return day
  const at = index % bars.apart.length
  const sign = stationSigns(bars.apart.map(words.station))[at] ?? ''
  return at === Math.floor((bars.apart.length - 1) / 2) ? `${sign}\n${day}` : sign
}

export function createBarChart(box: HTMLElement, onChoose: (figure: Figure) => void): BarChart {
  allowEmptyMarkup()
  const chart = init(box, null, { renderer: 'canvas' })
  const observer = new ResizeObserver(() => chart.resize())
  observer.observe(box)
  let shown: Bars | null = null
  chart.on('click', (event) => {
    const bar = shown?.bars[event.dataIndex]
    const stack = shown?.stacks[event.seriesIndex ?? -1]
    if (bar && stack) onChoose({ day: bar.day, station: bar.station, reason: stack.reason })
  })
  return {
    draw(bars, chosen, words) {
      shown = bars
      const style = getComputedStyle(document.documentElement)
      const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
      const font = { fontFamily: token('font'), fontSize: 12 }
      const isChosen = (bar: Bars['bars'][number], reason: string) =>
        !chosen ||
        (chosen.day === bar.day &&
          chosen.station === bar.station &&
          (chosen.reason === null || chosen.reason === reason))
      chart.setOption(
        {
          animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
          animationDuration: 200,
          textStyle: { ...font, color: token('text') },
          grid: { left: 8, right: 8, top: 40, bottom: 4, containLabel: true },
          legend: {
            type: 'scroll',
            top: 0,
            left: 0,
            itemWidth: 14,
            itemHeight: 14,
            icon: 'roundRect',
            textStyle: { ...font, color: token('text-soft') },
            pageTextStyle: { color: token('text-soft') },
            pageIconColor: token('accent'),
            pageIconInactiveColor: token('line-strong'),
          },
          tooltip: {
            trigger: 'item',
            renderMode: 'richText',
            backgroundColor: token('surface'),
            borderColor: token('line-strong'),
            textStyle: { ...font, color: token('text') },
            formatter: (event: { dataIndex: number; seriesIndex: number; value: number }) => {
              const bar = bars.bars[event.dataIndex]
              const reason = bars.stacks[event.seriesIndex]?.reason ?? ''
              const sum = bars.stacks.reduce((all, stack) => all + (stack.counts[event.dataIndex] ?? 0), 0)
              const where = bar?.station ? `\n${words.station(bar.station)}` : ''
              return `${bar?.day ?? ''}${where}\n${words.reason(reason)}: ${event.value}\n${words.sum}: ${sum}`
            },
          },
          xAxis: {
            type: 'category',
            data: bars.bars.map((_, index) => footOf(bars, index, words)),
            axisTick: { show: false },
            axisLine: { lineStyle: { color: token('line-strong') } },
            axisLabel: {
              ...font,
              color: token('text-soft'),
              ...(bars.apart.length > 0 ? { interval: 0 } : { hideOverlap: true }),
            },
          },
          yAxis: {
            type: 'value',
            minInterval: 1,
            axisLabel: { ...font, color: token('text-soft') },
            splitLine: { lineStyle: { color: token('line') } },
          },
          series: bars.stacks.map((stack) => ({
            type: 'bar',
            name: words.reason(stack.reason),
            stack: 'reason',
            barMaxWidth: 40,
            cursor: 'pointer',
            itemStyle: {
              color: token(stack.reason === '' ? 'line-strong' : `bar-${(stack.colour % colours) + 1}`),
              borderColor: token('surface'),
              borderWidth: 0.5,
              ...(stack.reason !== '' && stack.colour >= colours ? { decal: stripes } : {}),
            },
            // No figure is no bar: an outline of nothing would cut the axis.
            data: stack.counts.map((n, index) => ({
              value: n === 0 ? '-' : n,
              itemStyle: { opacity: isChosen(bars.bars[index] ?? { day: '', station: null }, stack.reason) ? 1 : 0.3 },
            })),
          })),
          aria: { enabled: false },
        },
        { notMerge: true },
      )
    },
    close() {
      observer.disconnect()
      chart.dispose()
    },
  }
}
