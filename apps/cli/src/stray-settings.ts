import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LoadedSettings } from '@platform/config';

/** Names variables that are set and read by nobody before the command runs: it may not do what was meant. */
@Injectable()
export class StraySettings implements OnModuleInit {
  constructor(private readonly settings: LoadedSettings) {}

  onModuleInit(): void {
    for (const line of this.settings.strayNames) process.stderr.write(`omni: ${line}\n`);
  }
}
