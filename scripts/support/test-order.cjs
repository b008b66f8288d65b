const Sequencer = require('@jest/test-sequencer').default;

/** What waits longest begins first. Chaos measures how long others wait: it comes last, beside nothing but itself. */
const KINDS = ['e2e', 'medium', 'architecture', 'unit', 'chaos'];

/** The order of test files: by kind, in a kind by what they took last time, else by their size. */
class TestOrder extends Sequencer {
  sort(tests) {
    const place = ({ context }) => KINDS.indexOf(context.config.displayName?.name);
    return super.sort(tests).sort((a, b) => place(a) - place(b));
  }
}

module.exports = TestOrder;
