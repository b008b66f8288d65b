/** The look of every page of this server, light and dark. Its hash stands in the policy of the pages. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1f2937; --soft: #5b6472; --line: #e2e6ec; --page: #f6f8fb; --card: #fff;
  --accent: #1f4ed8; --on-accent: #fff; --code: #eef2f9; --good: #047857; --bad: #b42318 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e5e7eb; --soft: #a3adbb; --line: #334155; --page: #0f172a; --card: #1b2537; --accent: #9db8ff;
    --on-accent: #0f172a; --code: #121c2f; --good: #6ee7b7; --bad: #fca5a5 }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
header, main { max-width: 56rem; margin: 0 auto; padding: 1rem }
header a { display: inline-block; line-height: 0 }
main { padding-bottom: 4rem }
h1 { margin: 0; font-size: 1.625rem; line-height: 1.25; overflow-wrap: anywhere }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.125rem }
h3 { margin: 0; font-size: 1rem }
p { margin: .5rem 0 }
a { color: var(--accent) }
ol, ul { margin: 0; padding: 0; list-style: none }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
[hidden] { display: none !important }
.soft { color: var(--soft); font-size: .9375rem }
.narrow { max-width: 27rem; margin: 4vh auto 0 }
.narrow .card { margin: 1rem 0 }
.card { border: 1px solid var(--line); border-radius: 12px; background: var(--card); overflow: hidden }
p + .card, .facts + p { margin-top: 1rem }
.pad { padding: 1.25rem }
.pad > :first-child { margin-top: 0 }
.pad > :last-child { margin-bottom: 0 }
.facts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 0 }
.facts li { padding: .125rem .75rem; border: 1px solid var(--line); border-radius: 999px; background: var(--card);
  font-size: .875rem }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .75rem }
.tiles a { display: block; height: 100%; padding: .875rem 1.125rem; border: 1px solid var(--line); border-radius: 12px;
  background: var(--card); color: inherit; text-decoration: none }
.tiles a:hover { border-color: var(--accent) }
.tiles strong { display: block; color: var(--accent) }
.tiles span { color: var(--soft); font-size: .875rem }
.steps { display: grid; gap: 1.25rem; margin: 0 0 2rem; counter-reset: step }
.steps h3 { line-height: 2rem }
.steps li { display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: 0 .75rem; counter-increment: step }
.steps li::before { content: counter(step); width: 2rem; height: 2rem; border-radius: 50%; background: var(--accent);
  color: var(--on-accent); font-weight: 600; line-height: 2rem; text-align: center }
.mails a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .125rem 1rem; padding: .875rem 1.25rem;
  border-top: 1px solid var(--line); color: inherit; text-decoration: none }
.mails a:first-child { border-top: 0 }
.mails a:hover { background: var(--page) }
.mails strong, .mails span { overflow-wrap: anywhere }
.mails time, .mails span { color: var(--soft); font-size: .875rem }
.mails a > :nth-child(even) { text-align: right }
.empty { padding: 3rem 1rem; color: var(--soft); text-align: center }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25rem 1rem; margin: 1rem 0 1.5rem;
  font-size: .875rem }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
iframe { display: block; width: 100%; height: 32rem; border: 0; background: #fff }
code, pre, textarea { font: .875rem/1.6 ui-monospace, monospace }
code { padding: .0625rem .3125rem; border-radius: 4px; background: var(--code); overflow-wrap: anywhere }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.code { position: relative; margin: .5rem 0 0 }
.code pre { padding: .75rem 5rem .75rem 1rem; border-radius: 8px; background: var(--code) }
.code button { position: absolute; top: .375rem; right: .375rem }
fieldset { margin: 0; padding: 0; border: 0 }
label { display: block; margin: .75rem 0 0; font-size: .9375rem }
input, textarea { display: block; width: 100%; margin: .25rem 0 0; padding: .5625rem .75rem; border: 1px solid var(--soft);
  border-radius: 8px; background: var(--page); color: inherit }
input { font: inherit }
[type=checkbox] { display: inline; width: auto; margin: 0 }
button { padding: .5625rem 1rem; border: 1px solid var(--accent); border-radius: 8px; background: var(--accent);
  color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
button.plain { background: transparent; color: var(--accent) }
button.small { padding: .125rem .625rem; font-size: .8125rem }
button:disabled { opacity: .6; cursor: wait }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 0 }
[role=status] { min-height: 1.5em; margin: .75rem 0 0 }
[role=status]:empty { min-height: 0; margin: 0 }
[role=status].good { color: var(--good) }
[role=status].bad { color: var(--bad) }
@media (max-width: 34rem) {
  .steps li { grid-template-columns: minmax(0, 1fr) }
  .mails a { grid-template-columns: minmax(0, 1fr) }
  .mails a > :nth-child(even) { text-align: left }
}
@media print { button { display: none } }
`;
