import { expect } from "chai";
import { escapeText, html, trusted } from "../../../../automation/report/html/markup.ts";

describe("markup", () => {
    it("escapes all that is put in, in elements and in attributes, and once only", () => {
        const name = `<script>alert("1")</script> & 'x'`;
        const escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;";
        expect(html`<p title="${name}">${name}</p>`.text).to.equal(`<p title="${escaped}">${escaped}</p>`);
        expect(html`<div>${html`<p>${name}</p>`}</div>`.text).to.equal(`<div><p>${escaped}</p></div>`);
    });

    it("takes markup as it is, joins lists, and leaves out what is undefined", () => {
        expect(html`${trusted("<b>")}${[html`<i>`, "<", 1]}${undefined}`.text).to.equal("<b><i>&lt;1");
    });

    it("replaces characters that no document may hold", () => {
        expect(escapeText("a\u0000b\u001Bc\nd")).to.equal("a\uFFFDb\uFFFDc\nd");
    });
});
