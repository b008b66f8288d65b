import { button, html, textOf } from './html';

describe('html', () => {
  it('escapes every value, between tags and in attributes', () => {
    const name = `<img src=x onerror="alert('1')"> & co`;

    expect(html`<p title="${name}">${name}</p>`.markup).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co">' +
        '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co</p>',
    );
  });

  it('takes its own pieces as they are, one or many, and prints nothing for an unmet condition', () => {
    const rows = ['a', '<b>'].map((row) => html`<li>${row}</li>`);

    // prettier-ignore
    const list = html`<ul>${rows}</ul>${undefined}${null}${false}${0}`;

    expect(list.markup).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0');
  });
});

describe('button', () => {
  it('leads to the address that it is given', () => {
    expect(button('https://example.org/verify?token=a&b="', 'Verify').markup).toContain(
      'href="https://example.org/verify?token=a&amp;b=%22"',
    );
  });

  it.each(['javascript:alert(1)', 'data:text/html,hi', 'file:///etc/passwd'])('refuses %s', (address) => {
    expect(() => button(address, 'Go')).toThrow('only lead to http or https');
  });
});

describe('textOf', () => {
  it('keeps what is said and drops how it looks', () => {
    const markup = `<style>p { color: red }</style><h1>Welcome,\n  Zoë</h1><p>One<br>two &amp; &lt;three&gt;</p>
      <script>alert(1)</script><p>Last</p>`;

    expect(textOf(markup)).toBe('Welcome, Zoë\n\nOne\ntwo & <three>\n\nLast');
  });

  it('shows where a button leads', () => {
    expect(textOf(button('https://example.org/verify?a=1&b=2', 'Verify Your Email').markup)).toBe(
      'Verify Your Email (https://example.org/verify?a=1&b=2)',
    );
  });

  it('decodes once: what was written about an entity stays text', () => {
    expect(textOf(html`<p>${'&lt;b&gt;'}</p>`.markup)).toBe('&lt;b&gt;');
  });
});
