/** The one style sheet. Contrast of at least 7:1 for text; lays out on a phone; prints without the chrome. */
export const STYLE = `
:root{--ink:#1c2430;--soft:#4a5566;--line:#d5dbe3;--paper:#fff;--wash:#f5f7fa;--leaf:#0b5d4b;--rose:#8f1d3f;--gold:#6b4a00}
*{box-sizing:border-box}
html{font:17px/1.6 Georgia,"Noto Serif","Songti SC","Noto Serif CJK SC",serif;color:var(--ink);background:var(--wash)}
body{margin:0}
header,main,footer{max-width:52rem;margin:0 auto;padding:0 1.25rem}
header{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:baseline;justify-content:space-between;padding-top:1.25rem}
.brand{font-weight:700;font-size:1.2rem;color:var(--ink);text-decoration:none}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;align-items:baseline}
main{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;margin-top:1rem;padding:1.25rem 1.75rem 2rem}
footer{color:var(--soft);font-size:.85rem;padding-bottom:2rem}
a{color:var(--leaf)}a:focus-visible,button:focus-visible,input:focus-visible,textarea:focus-visible,select:focus-visible{outline:3px solid #1b7f68;outline-offset:2px}
h1{font-size:1.7rem;line-height:1.25;margin:.6rem 0 1rem}h2{font-size:1.25rem;margin:2rem 0 .5rem}h3{font-size:1.05rem;margin:1.4rem 0 .3rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:#fff;padding:.4rem}
.lead{font-size:1.08rem;color:var(--soft)}
form.inline{display:inline}button{font:inherit;background:var(--leaf);color:#fff;border:0;border-radius:.4rem;padding:.5rem 1.1rem;cursor:pointer}
button.link{background:none;color:var(--leaf);padding:0;text-decoration:underline}button.quiet{background:#fff;color:var(--leaf);border:1px solid var(--leaf)}
label{display:block;font-weight:600;margin-top:1rem}label.check{font-weight:400;display:flex;gap:.6rem;align-items:flex-start}
label.check input{margin-top:.45rem;flex:none}
input:not([type=checkbox]),textarea,select{font:inherit;width:100%;padding:.45rem .6rem;border:1px solid #77828f;border-radius:.35rem;background:#fff;color:inherit}
textarea{min-height:7rem}
.why{font-size:.86rem;color:var(--soft);margin:.15rem 0 0;font-weight:400}
.sensitive{color:var(--rose);font-weight:600}
.clause{padding:.15rem 0 .15rem 1rem;border-left:3px solid var(--line);margin:.9rem 0}
.clause:target{background:#fff9e3;border-left-color:#c79a1b}
.clause p{margin:.2rem 0}.clause .kept-by{font-size:.82rem;color:var(--soft)}
blockquote p{margin:.3rem 0}.clause details{font-size:.82rem;color:var(--soft)}.clause summary{cursor:pointer}.clause details pre{font-size:.95em}
.badge{display:inline-block;font:600 .74rem/1.5 system-ui,sans-serif;border:1px solid currentColor;border-radius:1rem;padding:0 .55rem}
.badge.kept{color:var(--leaf)}.badge.broken{color:var(--rose)}.badge.open,.badge.untested{color:var(--gold)}.badge.statement{color:var(--soft)}
blockquote{margin:.8rem 0;padding:.4rem 1rem;background:var(--wash);border-radius:.4rem;color:var(--soft);font-size:.9rem}
.box{border:1px solid var(--line);border-radius:.5rem;padding:.7rem 1rem;margin:1rem 0;background:var(--wash)}
.box.no{border-color:var(--rose)}.box.yes{border-color:var(--leaf)}
.error{color:var(--rose);font-weight:600}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{background:var(--wash);padding:.8rem;border-radius:.4rem;white-space:pre-wrap;overflow-wrap:anywhere}
del{color:var(--rose)}ins{color:var(--leaf)}
@media print{header nav,footer,.skip,form{display:none}main{border:0}html{background:#fff}}
@media (max-width:34rem){main{border-radius:0;border-left:0;border-right:0;padding:1rem 1.1rem 2rem}header,footer{padding-left:1.1rem}}
`;
