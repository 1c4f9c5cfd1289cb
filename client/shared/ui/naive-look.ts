/** How the component library of desk and console looks: the values of tokens.css as they stand now, so that no colour is named twice. Only the
 *  library's parts that are used here have a dark twin below; another part that is used needs its row. */
import {
  createTheme,
  datePickerDark,
  type GlobalTheme,
  type GlobalThemeOverrides,
  inputDark,
  inputNumberDark,
  scrollbarDark,
  selectDark,
  switchDark,
  timePickerDark,
} from 'naive-ui'

export const darkLook = (): GlobalTheme =>
  createTheme([datePickerDark, inputDark, inputNumberDark, scrollbarDark, selectDark, switchDark, timePickerDark])

/** Call after the theme of the page was set: the values are read from its root. */
export function lookOfTokens(): GlobalThemeOverrides {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  // The library's dark fields have no outline of their own; ours is there by day and by night (WCAG 1.4.11).
  const outline = `1px solid ${token('line-strong')}`
  const outlines = { border: outline, borderHover: outline }
  return {
    common: {
      fontFamily: token('font'),
      fontSize: '14px',
      fontSizeMedium: '14px',
      fontSizeSmall: '14px',
      lineHeight: token('leading'),
      borderRadius: token('radius-s'),
      borderRadiusSmall: token('radius-s'),
      heightMedium: '36px',
      heightSmall: '32px',
      primaryColor: token('accent'),
      primaryColorHover: token('accent'),
      primaryColorPressed: token('accent-press'),
      primaryColorSuppl: token('accent'),
      bodyColor: token('ground'),
      cardColor: token('surface'),
      modalColor: token('surface'),
      popoverColor: token('surface'),
      inputColor: token('surface'),
      tableColor: token('surface'),
      hoverColor: token('sunken'),
      textColorBase: token('text'),
      textColor1: token('text'),
      textColor2: token('text'),
      textColor3: token('text-soft'),
      placeholderColor: token('text-faint'),
      iconColor: token('text-faint'),
      clearColor: token('text-faint'),
      borderColor: token('line-strong'),
      dividerColor: token('line'),
      errorColor: token('bad'),
      warningColor: token('wait'),
      successColor: token('ok'),
      infoColor: token('info'),
    },
    Input: outlines,
    InternalSelection: outlines,
  }
}
