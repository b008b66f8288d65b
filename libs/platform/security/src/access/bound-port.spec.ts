import { Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { BoundPort } from './bound-port';

abstract class Weather {
  abstract sky(): string;
}
class Sunny extends Weather {
  sky(): string {
    return 'blue';
  }
}

@Module({ providers: [{ provide: Weather, useClass: Sunny }] })
class SomewhereElse {}

describe('a bound port', () => {
  it('is found wherever in the graph a domain binds it, and asked for once', async () => {
    const app = await Test.createTestingModule({ imports: [SomewhereElse] }).compile();
    const modules = app.get(ModuleRef);
    const asked = jest.spyOn(modules, 'get');
    const port = new BoundPort(modules, Weather);

    expect([port.get()?.sky(), port.get()?.sky()]).toEqual(['blue', 'blue']);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('is null where no domain binds it', async () => {
    const app = await Test.createTestingModule({}).compile();
    expect(new BoundPort(app.get(ModuleRef), Weather).get()).toBeNull();
  });
});
