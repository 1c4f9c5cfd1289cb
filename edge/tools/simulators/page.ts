/** The table of simulated documents as a page: one button for each, served by the simulators themselves and part of no face of the product. */

export const controlPage = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>模拟设备 · Simulated devices</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 24px auto; max-width: 640px; color: #1d2430; }
h1 { font-size: 20px; }
.strip { background: #b3261e; color: #fff; padding: 4px 12px; }
button { font: inherit; padding: 12px 16px; margin: 4px 8px 4px 0; }
label { display: block; margin: 16px 0; }
select { font: inherit; padding: 8px; }
output { display: block; margin-top: 16px; min-height: 24px; }
</style>
</head>
<body>
<p class="strip">演示数据 · Demo data</p>
<h1>把证件放到读卡器上 · Lay a document on the reader</h1>
<div id="people"></div>
<label>站在摄像头前 · Before the camera
<select id="inFront"><option value="">证件本人 · the holder</option><option value="nobody">无人 · nobody</option></select>
</label>
<output id="said" role="status"></output>
<script>
const said = document.getElementById('said')
const inFront = document.getElementById('inFront')
const lay = async (key) => {
  const body = { document: key }
  if (inFront.value) body.inFront = inFront.value
  const response = await fetch('/swipe', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  })
  const answer = await response.json()
  said.textContent = response.ok ? '已发送 · sent: ' + answer.seq : answer.code
}
fetch('/people').then((response) => response.json()).then(({ people }) => {
  for (const { key, label } of people) {
    const button = document.createElement('button')
    button.textContent = label
    button.onclick = () => lay(key)
    document.getElementById('people').append(button)
    const option = document.createElement('option')
    option.value = key
    option.textContent = label
    inFront.append(option)
  }
})
</script>
</body>
</html>
`
