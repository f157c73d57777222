import { describe, expect, it } from 'vitest';
import { type Format, readRows } from './read-rows.js';

const row = (fields: object) => `${JSON.stringify(fields)}\n`;
const ada = { login: 'ada@acme.example' };

describe('a row', () => {
  it('carries all that a command to one user can say', async () => {
    const full = {
      login: 'Ada@acme.example',
      transition: 'offboard',
      at: '2027-01-31T18:00:00+01:00',
      reason: 'left',
      ticket: 'HR-1',
      assignBy: 'group',
      profile: { firstName: 'Ada', groups: ['a', 'b'], level: 3, active: true, middleName: null },
    };
    expect(await readRows('ndjson', row(full))).toEqual({
      rows: [
        {
          row: 1,
          line: 1,
          login: 'Ada@acme.example',
          kind: 'offboard',
          at: '2027-01-31T17:00:00.000Z',
          reason: 'left',
          ticket: 'HR-1',
          assignBy: 'group',
          profile: full.profile,
        },
      ],
    });
  });

  it('of CSV has attributes of the profile as columns, and an empty cell says nothing', async () => {
    const file = 'login,profile.firstName,profile.lastName,ticket\r\nada@acme.example,"Ada, ""A""",,\r\n';
    expect(await readRows('csv', file)).toMatchObject({
      rows: [{ login: 'ada@acme.example', kind: 'onboard', profile: { firstName: 'Ada, "A"' }, ticket: null }],
    });
  });

  it.each<[string, Format, string]>([
    ['CRLF', 'csv', 'login\r\nada@acme.example\r\n'],
    ['mixed line ends', 'csv', 'login\r\nada@acme.example\n'],
    ['no line end at the end', 'csv', 'login\nada@acme.example'],
    ['a byte order mark', 'csv', '\ufefflogin\nada@acme.example\n'],
    ['empty lines', 'csv', '\nlogin\n\nada@acme.example\n\n'],
    ['CRLF', 'ndjson', '{"login":"ada@acme.example"}\r\n'],
    ['no line end at the end', 'ndjson', '{"login":"ada@acme.example"}'],
    ['a byte order mark', 'ndjson', '\ufeff{"login":"ada@acme.example"}\n'],
    ['empty lines', 'ndjson', '\n\n{"login":"ada@acme.example"}\n \n'],
  ])('is read with %s in %s', async (_, format, file) => {
    expect(await readRows(format, file)).toMatchObject({ rows: [{ row: 1, login: 'ada@acme.example' }] });
  });

  it.each([
    ['a plus and a percent sign', 'ada+test%40@acme.example'],
    ['quotes and a slash', `o'brien/"x"@acme.example`],
    ['letters of other alphabets', 'åsa.日本@acme.example'],
    ['100 characters', `${'a'.repeat(87)}@acme.example`],
  ])('may have a login with %s', async (_, login) => {
    expect(await readRows('ndjson', row({ login }))).toMatchObject({ rows: [{ login: login.normalize('NFC') }] });
    const quoted = `"${login.replaceAll('"', '""')}"`;
    expect(await readRows('csv', `login\n${quoted}\n`)).toMatchObject({ rows: [{ login: login.normalize('NFC') }] });
  });
});

describe('a bad row is refused with its place, the reason and the fix:', () => {
  it.each([
    ['an unknown column', { ...ada, lable: 1 }, 'lable', 'is not a known column'],
    ['no login', { reason: 'x' }, 'login', 'is missing'],
    ['an empty login', { login: '' }, 'login', 'must not be empty'],
    ['a login that is no text', { login: 5 }, 'login', 'is the login of a user in the IdP org'],
    ['a login with white space at its end', { login: 'ada@acme.example ' }, 'login', 'white space'],
    ['a login with a control character', { login: 'ada\u0007@acme.example' }, 'login', 'control character'],
    ['a login of 101 characters', { login: 'a'.repeat(101) }, 'login', 'more than 100 characters'],
    ['an unknown transition', { ...ada, transition: 'fire' }, 'transition', 'is none of onboard'],
    ['a time without zone', { ...ada, at: '2027-01-31T18:00:00' }, 'at', 'with a time zone'],
    ['a date', { ...ada, at: '31.1.2027' }, 'at', 'no time in ISO 8601'],
    ['an assignment of an unknown kind', { ...ada, assignBy: 'hand' }, 'assignBy', 'direct or group'],
    ['a profile that is no object', { ...ada, profile: 'x' }, 'profile', 'must be an object'],
    [
      'an attribute with an odd name',
      { ...ada, profile: { 'first name': 'x' } },
      'profile.first name',
      'name of an attr',
    ],
    ['an attribute that is an object', { ...ada, profile: { a: {} } }, 'profile.a', 'must be text'],
    ['a reason without end', { ...ada, reason: 'x'.repeat(1001) }, 'reason', 'more than 1000 characters'],
  ])('%s', async (_, fields, column, reason) => {
    expect(await readRows('ndjson', row({ login: 'first@acme.example' }) + row(fields))).toMatchObject({
      rows: [
        { row: 1 },
        {
          row: 2,
          line: 2,
          issues: [
            { row: 2, line: 2, column, reason: expect.stringContaining(reason), fix: expect.stringMatching(/\w+\./) },
          ],
        },
      ],
    });
  });

  it.each([
    ['what is not JSON', '{"login":'],
    ['a text', '"ada@acme.example"'],
    ['a list', '[]'],
  ])('%s', async (_, line) => {
    expect(await readRows('ndjson', `${line}\n${row(ada)}`)).toMatchObject({
      rows: [
        { row: 1, issues: [{ reason: 'is not a JSON object' }] },
        { row: 2, login: 'ada@acme.example' },
      ],
    });
  });

  it.each<[string, Format, string]>([
    ['16 KB', 'ndjson', row({ ...ada, profile: { a: 'x'.repeat(17_000) } }) + row({ login: 'next@acme.example' })],
    ['16 KB', 'csv', `login,reason\nada@acme.example,${'x'.repeat(17_000)}\nnext@acme.example,\n`],
  ])('more than %s in %s', async (_, format, file) => {
    expect(await readRows(format, file)).toMatchObject({
      rows: [
        { row: 1, issues: [{ reason: 'has more than 16 KB' }] },
        { row: 2, login: 'next@acme.example' },
      ],
    });
  });

  it('no transition where the address names none either', async () => {
    expect(await readRows('ndjson', row(ada), { transition: null })).toMatchObject({
      rows: [
        { issues: [{ column: 'transition', reason: 'is missing', fix: expect.stringContaining('?transition=') }] },
      ],
    });
  });

  it('a user who stands in the file before, also in other letters; the first row counts', async () => {
    expect(await readRows('csv', 'login\nada@acme.example\neve@acme.example\nADA@acme.example\n')).toMatchObject({
      rows: [
        { row: 1, kind: 'onboard' },
        { row: 2, kind: 'onboard' },
        { row: 3, line: 4, issues: [{ column: 'login', reason: 'is the same user as in row 1' }] },
      ],
    });
  });

  it.each(['=1+1', '+49 30', '-1', '@SUM(A1)', '"\t=1"', '"\r=1"'])('a cell that is a formula: %j', async (cell) => {
    expect(await readRows('csv', `login,reason\nada@acme.example,${cell}\n`)).toMatchObject({
      rows: [{ row: 1, line: 2, issues: [{ column: 'reason', reason: expect.stringContaining('formula') }] }],
    });
  });

  it.each([
    ['too few', 'ada@acme.example', 'has 1 cells where the header has 2 columns'],
    ['too many', 'ada@acme.example,left,early', 'has 3 cells where the header has 2 columns'],
  ])('%s cells', async (_, line, reason) => {
    expect(await readRows('csv', `login,reason\n${line}\n`)).toMatchObject({ rows: [{ issues: [{ reason }] }] });
  });

  it('all that is wrong with it at once', async () => {
    const outcome = await readRows('ndjson', row({ transition: 'fire', at: 'soon', nonsense: 1 }));
    const columns = 'rows' in outcome ? outcome.rows.flatMap((r) => ('issues' in r ? r.issues : [])) : [];
    expect(columns.map(({ column }) => column).sort()).toEqual(['at', 'login', 'nonsense', 'transition']);
  });

  it('counts rows and lines apart where cells hold line breaks', async () => {
    const file = 'login,reason\nada@acme.example,"left\nin\npeace"\nbad,=1\n';
    expect(await readRows('csv', file)).toMatchObject({
      rows: [
        { row: 1, line: 2 },
        { row: 2, line: 5 },
      ],
    });
  });
});

describe('a file is refused as a whole for', () => {
  it.each<[string, string, object[]]>([
    ['an unknown column', 'login,lable\n', [{ message: 'line 1, lable: is not a known column' }]],
    ['a column twice', 'login,at,at\n', [{ message: expect.stringContaining('more than once') }]],
    ['a column without a name', 'login,\n', [{ message: expect.stringContaining('without a name') }]],
    ['no login', 'reason,ticket\n', [{ message: 'line 1, login: is missing in the header' }]],
    ['no header', 'ada@acme.example\n', [{ message: expect.stringContaining('is not a known column') }]],
    ['semicolons', 'login;reason\n', [{ fix: expect.stringContaining('separated by commas') }]],
    ['an odd attribute', 'login,profile.first name\n', [{ message: expect.stringContaining('known column') }]],
    ['a quotation mark that is not closed', 'login\nada\n"eve\n', [{ message: expect.stringContaining('line 3') }]],
    ['a quotation mark inside a cell', 'login\na"da\n', [{ message: expect.stringContaining('line 2') }]],
    [
      'a quotation mark that swallows it',
      `login\n"${'x\n'.repeat(50_000)}`,
      [{ message: expect.stringContaining('not end') }],
    ],
  ])('%s', async (_, file, refused) => {
    expect(await readRows('csv', file)).toMatchObject({ refused });
  });

  it.each<[string, Format, Uint8Array, number]>([
    ['Latin-1', 'csv', Buffer.from('login\nada@acme.example\nj\u00fcrgen@acme.example\n', 'latin1'), 3],
    ['Latin-1', 'ndjson', Buffer.from('{"login":"a@b.c"}\n{"login":"\u00fc@b.c"}\n', 'latin1'), 2],
    ['UTF-16', 'csv', Buffer.from('\ufefflogin\nada@acme.example\n', 'utf16le'), 1],
    ['a character that is cut off', 'ndjson', Buffer.from('{"login":"a@b.c"}\n{"login":"\u00fc').subarray(0, -1), 2],
  ])('bytes that are not UTF-8, and names the line: %s in %s', async (_, format, bytes, line) => {
    expect(await readRows(format, bytes)).toMatchObject({
      refused: [{ message: `line ${line}: holds bytes that are not UTF-8` }],
    });
  });
});
