/** The look of the matrix page: light or dark as the reader's system is, and for print. */
export const MATRIX_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d1f21;--line:#c9ccd1;--head:#f1f2f4;
--works:#d8f0d8;--loud:#fdf0c8;--refused:#fbdcbc;--wrong:#f6b9b9;--crash:#d9c0ee}
@media (prefers-color-scheme:dark){:root{--paper:#16181a;--ink:#e3e5e8;--line:#43474d;--head:#24272b;
--works:#1f4427;--loud:#4d431a;--refused:#5a3a17;--wrong:#6e2326;--crash:#4a2b68}}
body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem 2rem 4rem;background:var(--paper);color:var(--ink)}
p,ol{max-width:60rem}h1{font-size:1.6rem;margin:0 0 .5rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,10rem 17rem);gap:.3rem .8rem;margin:1rem 0}
dt{padding:.1rem .5rem;border-radius:3px;align-self:start}dd{margin:0}
table{border-collapse:separate;border-spacing:0;font-size:13px}
th,td{border:solid var(--line);border-width:0 1px 1px 0;padding:.25rem .45rem;text-align:left;vertical-align:top}
th{background:var(--head);font-weight:600}
thead th{position:sticky;top:0;z-index:2;height:1.2rem}
thead tr+tr th{top:1.75rem;vertical-align:bottom}
thead tr:first-child th{border-top-width:1px}
.first{border-left:2px solid var(--ink)}
.tracer{position:sticky;left:0;z-index:1;border-left-width:1px}
tbody tr:first-child>*{border-top:1px solid var(--ink)}
small{display:block;font-weight:400;opacity:.75;max-width:8rem}
.works{background:var(--works)}.loud{background:var(--loud)}.refused{background:var(--refused)}
.wrong{background:var(--wrong)}.crash{background:var(--crash)}
sup{line-height:0;margin-left:.15rem}sup a{color:inherit;opacity:.7}
li{margin:.15rem 0;overflow-wrap:anywhere}li:target{background:var(--loud)}
@media print{thead th,.tracer{position:static}}
`;
