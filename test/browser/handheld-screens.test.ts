/** The handheld's screens in a real browser under the real policy, over data from memory: what they look like to a machine (axe, target
 *  sizes), what they keep, and that they never break the policy. The whole product is driven in test/e2e. */
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, openContext, type WatchedContext } from '../fixtures/chromium.ts'
import { type Pages, serveHandheld } from '../fixtures/handheld-page/serve.ts'

interface Harness {
  readonly data: {
    readonly sampleVisits: readonly string[]
    set(status: object): void
    settle(refusal?: unknown): void
    notify(): void
    commit(draft: unknown): Promise<unknown>
  }
  refuse(code: string, detail?: object): unknown
  advance(ms: number): void
}

let browser: Browser
let pages: Pages
beforeAll(async () => {
  pages = await serveHandheld()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  pages.close()
})

type Look = { readonly locale: 'zh-CN' | 'en'; readonly theme: 'light' | 'dark' }
const looks: readonly Look[] = [
  { locale: 'zh-CN', theme: 'light' },
  { locale: 'en', theme: 'dark' },
]

const keepLook = (page: Page, look: Look) =>
  page.addInitScript(({ locale, theme }) => {
    if (location.protocol === 'about:') return
    localStorage.setItem('outpost.handheld.locale', locale)
    localStorage.setItem('outpost.handheld.theme', theme)
  }, look)
const openScreens = async (page: Page, address: string) => {
  await page.goto(`${pages.origin}/${address}`)
  await page.locator('.page > :not(.strip)').first().waitFor()
}

/** Opens the screens, acts, closes; any fault the page says of itself fails. */
async function onPage<T>(address: string, act: (page: Page) => Promise<T>): Promise<T> {
  const { context, page, faults } = await openContext(browser, 'handheld')
  try {
    await openScreens(page, address)
    const answer = await act(page)
    expect(faults).toEqual([])
    return answer
  } finally {
    await context.close()
  }
}
const within = <T>(page: Page, act: (harness: Harness) => T): Promise<T> =>
  page.evaluate(`(${act})(window)`) as Promise<T>
const openVisit = async (page: Page, index: number, below = '') => {
  await page.evaluate(
    ([at, path]) => {
      location.hash = `#/visits/${(window as unknown as Harness).data.sampleVisits[Number(at)]}${path}`
    },
    [index, below] as const,
  )
  await page.locator('header.head.alone').waitFor()
}
const refuseFeedback = (page: Page, text: string) =>
  page.evaluate(async (said) => {
    const { data, refuse } = window as unknown as Harness
    await data.commit({
      type: 'visit',
      record: data.sampleVisits[2],
      kind: 'update',
      values: { feedback: [['a'.repeat(32), said]] },
    })
    data.settle(refuse('change/denied', { act: 'update:feedback', may: 'front-desk duty-leader' }))
    location.hash = '#/refused'
  }, text)

interface Screen {
  readonly name: string
  readonly address: string
  open?(page: Page): Promise<void>
}
const screens: readonly Screen[] = [
  { name: 'starting', address: '?phase=starting' },
  { name: 'enrol', address: '?phase=unenrolled' },
  { name: 'unlock', address: '?phase=locked' },
  { name: 'logon', address: '?phase=locked', open: (page) => page.locator('.door .button.plain').last().click() },
  { name: 'elsewhere', address: '?phase=elsewhere' },
  { name: 'today', address: '' },
  { name: 'today, offline and unsafe', address: '?offline&unsafe&first' },
  { name: 'today, empty', address: '?empty' },
  { name: 'visits', address: '#/visits' },
  { name: 'visit, assigned', address: '', open: (page) => openVisit(page, 0) },
  { name: 'visit, in hand', address: '', open: (page) => openVisit(page, 2) },
  { name: 'visit, closed', address: '', open: (page) => openVisit(page, 4) },
  { name: 'feedback', address: '', open: (page) => openVisit(page, 2, '/feedback') },
  { name: 'camera', address: '', open: (page) => openVisit(page, 2, '/camera') },
  { name: 'refused', address: '', open: (page) => refuseFeedback(page, 'a') },
  { name: 'refused, empty', address: '#/refused' },
  { name: 'incidents', address: '#/incidents' },
  { name: 'tasks', address: '#/tasks' },
  { name: 'more', address: '#/more' },
  { name: 'state', address: '?offline', open: (page) => page.locator('.state').click() },
]

describe.each(looks)('screens, $locale $theme', (look) => {
  // One context for all screens of a look: each is loaded anew in it.
  let window: WatchedContext
  beforeAll(async () => {
    window = await openContext(browser, 'handheld', { locale: look.locale, colorScheme: look.theme })
    await keepLook(window.page, look)
  })
  afterAll(() => window.context.close())

  it.each(screens)('$name: axe finds no serious fault and every target is large enough', async ({ address, open }) => {
    const { page, faults } = window
    await page.goto('about:blank')
    await openScreens(page, address)
    await open?.(page)
    // The measure is taken of a screen at rest.
    await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished)))
    const found = await new AxeBuilder({ page }).analyze()
    const serious = found.violations.filter((each) => each.impact === 'serious' || each.impact === 'critical')
    expect(serious.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)).toEqual([])
    expect(await smallTargets(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    expect(faults).toEqual([])
  })
})

/** Buttons, links and fields in sight that are lower than 48 px. */
const smallTargets = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, input, select, textarea')]
      .filter((each) => each.checkVisibility() && !each.classList.contains('unseen'))
      .map((each) => ({ each, box: each.getBoundingClientRect() }))
      .filter(({ each, box }) => box.height > 0 && box.height < 48)
      .map(({ each, box }) => `${each.outerHTML.slice(0, 80)} ${box.height}`),
  )

describe('what the screens do', () => {
  it('an assignment is signed with one tap, offline too, and stands as pending', async () => {
    await onPage('?offline', async (page) => {
      await page.getByRole('button', { name: /^签收/ }).click()
      await page.getByText('1 项待送达').or(page.getByText('2 项待送达')).waitFor()
      await openVisit(page, 0)
      expect(await page.locator('.bar .next').innerText()).toContain('开始处置')
      await page.getByText('未送达').first().waitFor()
    })
  })

  it('a visit is handed back with a reason, and the button says which', async () => {
    await onPage('', async (page) => {
      await openVisit(page, 0)
      await page.getByRole('button', { name: '其他操作' }).click()
      await page.getByRole('button', { name: '退回' }).click()
      const send = page.getByRole('button', { name: '退回 V261121-0900' })
      expect(await send.isDisabled()).toBe(true)
      await page.getByLabel('退回原因').fill('不属本人业务')
      await send.click()
      await page.getByText('待分配').waitFor()
      await page.getByText('不属本人业务').waitFor()
    })
  })

  it('feedback typed and left is there again; sent, its draft is gone', async () => {
    await onPage('', async (page) => {
      await openVisit(page, 2, '/feedback')
      const area = page.getByLabel('处置反馈')
      await area.fill('写到一半')
      await page.getByRole('button', { name: '返回' }).click()
      await page.getByText('草稿').waitFor()
      await page.getByRole('button', { name: /写反馈/ }).click()
      expect(await area.inputValue()).toBe('写到一半')
      await area.fill('写完了')
      await page.getByRole('button', { name: '提交反馈' }).click()
      await page.locator('.said', { hasText: '写完了' }).waitFor()
      await page.getByRole('button', { name: /写反馈/ }).click()
      expect(await area.inputValue()).toBe('')
    })
  })

  it('a visit without feedback asks for it before the finish; with it the finish is confirmed by name', async () => {
    await onPage('', async (page) => {
      await openVisit(page, 1)
      await page.locator('.bar .next').click()
      await page.locator('.bar button').last().click()
      await page.getByText('处置完毕前要先写一条反馈').waitFor()
      await page.getByLabel('处置反馈').fill('已办')
      await page.getByRole('button', { name: '提交并处置完毕' }).click()
      await page.getByText('已处置').first().waitFor()
      await openVisit(page, 2)
      await page.locator('.bar button').last().click()
      await page.getByRole('button', { name: '处置完毕 V261121-0897' }).click()
      await page.getByText('已处置').first().waitFor()
    })
  })

  it('a photo taken offline is small, shown at once and marked until it is delivered', async () => {
    await onPage('?offline', async (page) => {
      await openVisit(page, 2, '/camera')
      await page.getByRole('button', { name: '拍下' }).click()
      await page.getByText('已拍 1 张').waitFor()
      await page.getByRole('link', { name: '完成' }).click()
      const photo = page.getByRole('button', { name: /第 1 张照片/ })
      await photo.getByText('待上传').waitFor()
      const seen = await photo.locator('img').evaluate(async (image: HTMLImageElement) => {
        await image.decode()
        const canvas = new OffscreenCanvas(8, 8)
        const drawing = canvas.getContext('2d')
        drawing?.drawImage(image, 0, 0, 8, 8)
        const brightest = Math.max(...(drawing?.getImageData(0, 0, 8, 8).data ?? []).filter((_, at) => at % 4 !== 3))
        return { longerEdge: Math.max(image.naturalWidth, image.naturalHeight), brightest }
      })
      expect(seen.longerEdge).toBeGreaterThan(0)
      expect(seen.longerEdge).toBeLessThanOrEqual(1600)
      // The first frame of a camera that has just been opened is black: the shutter waits for a picture.
      expect(seen.brightest).toBeGreaterThan(60)
      await within(page, ({ data }) => data.settle())
      await photo.getByText('待上传').waitFor({ state: 'detached' })
    })
  })

  it('where there is no camera a file is taken instead, and made small', async () => {
    await onPage('', async (page) => {
      await page.evaluate(() => {
        Object.defineProperty(navigator.mediaDevices, 'getUserMedia', {
          value: () => Promise.reject(new Error('none')),
        })
      })
      await openVisit(page, 2, '/camera')
      await page.getByText('这里用不了摄像头').waitFor()
      const picture = await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(3000, 2000)
        canvas.getContext('2d')?.fillRect(0, 0, 1500, 1000)
        return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())]
      })
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(picture) })
      await page.getByText('已拍 1 张').waitFor()
      await page.getByRole('link', { name: '完成' }).click()
      const width = await page.locator('.grid img').evaluate(async (image: HTMLImageElement) => {
        await image.decode()
        return image.naturalWidth
      })
      expect(width).toBe(1600)
    })
  })

  it('a file that is no picture is refused in words and adds nothing', async () => {
    await onPage('', async (page) => {
      await openVisit(page, 2, '/camera')
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no') })
      await page.getByText('camera/not-a-picture').waitFor()
    })
  })

  it('a refused change says why and who can, opens mended with its values, and leaves the list once it is sent', async () => {
    await onPage('', async (page) => {
      await refuseFeedback(page, '15:10 到现场')
      const card = page.locator('article', { hasText: '15:10 到现场' })
      await card.getByText('谁可以: 前台, 值班领导').waitFor()
      await card.getByRole('button', { name: '改正后重送' }).click()
      const area = page.getByLabel('处置反馈')
      expect(await area.inputValue()).toBe('15:10 到现场')
      await area.fill('15:10 到现场, 已解决')
      await page.getByRole('button', { name: '提交反馈' }).click()
      await page.locator('.said', { hasText: '已解决' }).waitFor()
      await page.evaluate(() => {
        location.hash = '#/refused'
      })
      await page.getByRole('heading', { name: '被拒收的变更' }).waitFor()
      expect(await page.locator('article', { hasText: '15:10' }).count()).toBe(0)
    })
  })

  it('a refused change leaves the list otherwise only by a named confirmation', async () => {
    await onPage('', async (page) => {
      await refuseFeedback(page, '15:10 到现场')
      const card = page.locator('article', { hasText: '15:10 到现场' })
      await card.getByRole('button', { name: '不再需要' }).click()
      await page.getByRole('button', { name: '取消' }).click()
      expect(await card.count()).toBe(1)
      await card.getByRole('button', { name: '不再需要' }).click()
      await page.getByRole('button', { name: '移除“补充处置反馈”' }).click()
      await card.waitFor({ state: 'detached' })
    })
  })

  it('the state line opens the list of what is pending and what to do', async () => {
    await onPage('?offline', async (page) => {
      await page.getByRole('button', { name: /^签收/ }).click()
      await page.locator('.state').click()
      const sheet = page.getByRole('dialog', { name: '同步状态' })
      await sheet.getByText('来访: 签收').waitFor()
      await sheet.getByRole('button', { name: '立即同步' }).click()
      await sheet.getByText('gateway/unavailable').waitFor()
      await page.keyboard.press('Escape')
      await sheet.waitFor({ state: 'hidden' })
    })
  })

  it('a wrong PIN says how many tries are left, and a locked one takes no more digits', async () => {
    await onPage('?phase=locked', async (page) => {
      const enter = async (pin: string) => {
        await page.keyboard.press('Escape')
        await page.getByRole('group', { name: /PIN/ }).focus()
        await page.keyboard.type(pin)
        await page.keyboard.press('Enter')
      }
      for (const left of [4, 3, 2, 1]) {
        await enter('111112')
        await page.getByText(`还可以试 ${left} 次`).waitFor()
      }
      await enter('111112')
      await page.getByText('logon/locked').waitFor()
      expect(await page.getByRole('button', { name: '1', exact: true }).isDisabled()).toBe(true)
    })
  })

  it('after five idle minutes the work is covered and gone from the page; the PIN opens the place where it was', async () => {
    await onPage('#/visits', async (page) => {
      await page.getByText('V261121-0900').waitFor()
      await within(page, ({ advance }) => advance(5 * 60_000 + 1))
      await page.getByRole('heading', { name: '屏幕已锁' }).waitFor()
      expect(await page.getByText('V261121-0900').count()).toBe(0)
      await page.getByText('有来访分配给你').waitFor()
      await page.getByRole('button', { name: '输入 PIN 解锁' }).click()
      await page.getByRole('heading', { name: '解锁', exact: true }).waitFor()
      for (const digit of '482913') await page.getByRole('button', { name: digit, exact: true }).click()
      await page.getByRole('button', { name: '确定' }).click()
      await page.getByText('V261121-0900').waitFor()
    })
  })

  it('a notification that stands on the screen is marked as shown, and read once it is opened', async () => {
    await onPage('', async (page) => {
      await page.getByRole('button', { name: /有来访分配给你/ }).click()
      await page.getByRole('heading', { name: 'V261121-0900' }).waitFor()
      await page.evaluate(() => {
        location.hash = '#/'
      })
      await page.getByRole('heading', { name: '今天' }).waitFor()
      expect(await page.getByRole('button', { name: /有来访分配给你/ }).count()).toBe(0)
    })
  })

  it('a notification that comes while the screen is open is said at once', async () => {
    await onPage('', async (page) => {
      await page.getByRole('heading', { name: '未读通知' }).waitFor()
      expect(await page.getByRole('status').getByText('有来访分配给你').count()).toBe(0)
      await within(page, ({ data }) => data.notify())
      await page.getByRole('status').getByText('有来访分配给你').waitFor()
    })
  })

  it('hundreds of visits scroll with few rows in the page', async () => {
    await onPage('?visits=400#/visits', async (page) => {
      const list = page.locator('.scroller')
      await list.locator('li').first().waitFor()
      for (let turn = 0; turn < 6; turn += 1) {
        await list.evaluate((element) => element.scrollTo(0, element.scrollHeight))
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
      }
      const rows = list.locator('li')
      expect(Number(await rows.last().getAttribute('aria-setsize'))).toBe(400)
      expect(await rows.count()).toBeLessThan(40)
    })
  })

  it('language and appearance change at once and stay', async () => {
    await onPage('#/more', async (page) => {
      await page.getByRole('radio', { name: 'English' }).click()
      await page.getByRole('heading', { name: 'More' }).waitFor()
      await page.getByRole('radio', { name: 'Dark' }).click()
      expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
      expect(await page.evaluate(() => localStorage.getItem('outpost.handheld.theme'))).toBe('dark')
    })
  })
})
