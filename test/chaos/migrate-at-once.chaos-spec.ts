import { AppProcess } from '../support/app-process';
import { describeEachDatabase } from '../support/databases';

describeEachDatabase('five `omni db migrate` at once', (database) => {
  const migrate = () => AppProcess.start('cli', database.environment(), database.dataDir(), ['db', 'migrate']);

  it('all exit 0, and the schema is the one of the entities', async () => {
    const processes = Array.from({ length: 5 }, migrate);
    const codes = await Promise.all(processes.map((process) => process.ended()));
    expect({ codes, output: codes.every((code) => code === 0) ? '' : processes.map((one) => one.output) }).toEqual({
      codes: [0, 0, 0, 0, 0],
      output: '',
    });
    const drift = AppProcess.start('cli', database.environment(), database.dataDir(), ['db', 'drift']);
    expect({ code: await drift.ended(), output: drift.output }).toMatchObject({ code: 0 });
  });

  it('killed in the middle, leave a schema that the next one completes', async () => {
    const killed = migrate();
    setTimeout(() => void killed.stop('SIGKILL'), 700);
    await killed.ended();
    const next = migrate();
    expect({ code: await next.ended(), output: next.output }).toMatchObject({ code: 0 });
    const drift = AppProcess.start('cli', database.environment(), database.dataDir(), ['db', 'drift']);
    expect(await drift.ended()).toBe(0);
  });
});
