import { LoadedSettings } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { HttpConfig } from './http.config';

const load = (environment: Record<string, string>) => LoadedSettings.load([HttpConfig], environment).get(HttpConfig);

describe('HTTP settings', () => {
  it('take origins as JSON or with commas, and versions with days', () => {
    expect(load({}).corsOrigins).toEqual(['http://localhost:3000']);
    expect(load({ BACKEND_CORS_ORIGINS: '["https://a.example","http://localhost:5173"]' }).corsOrigins).toHaveLength(2);
    expect(load({ BACKEND_CORS_ORIGINS: 'https://a.example, https://b.example' }).corsOrigins).toHaveLength(2);
    expect(load({ API_DEPRECATED_VERSIONS: 'v1' }).deprecatedVersions).toEqual(new Map([['v1', null]]));
    const sunset = new Map([['v1', new Date('2027-06-30T00:00:00Z')]]);
    expect(load({ API_SUNSET_DATES: '{"1.0":"2027-06-30"}' }).sunsetDates).toEqual(sunset);
    expect(load({ API_SUNSET_DATES: 'V1=2027-06-30' }).sunsetDates).toEqual(sunset);
  });

  it.each([
    ['BACKEND_CORS_ORIGINS', '*'],
    ['BACKEND_CORS_ORIGINS', 'https://a.example/'],
    ['BACKEND_CORS_ORIGINS', 'https://a.example:99999'],
    ['BACKEND_CORS_ORIGINS', 'null'],
    ['BACKEND_CORS_ORIGINS', 'https://*.example'],
    ['BACKEND_CORS_ORIGINS', '["https://a.example"'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '::/0'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy.internal'],
    ['API_DEPRECATED_VERSIONS', 'v9'],
    ['API_SUNSET_DATES', 'v1=soon'],
    ['API_SUNSET_DATES', '{broken'],
    ['HTTP_MAX_CONNECTIONS', '0'],
  ])('refuse %s=%s by name', (key, value) => {
    expect(() => load({ [key]: value })).toThrow(BootRefused);
    expect(() => load({ [key]: value })).toThrow(key);
  });
});
