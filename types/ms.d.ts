// The `ms` version that the Temporal SDK depends on has no `types` in its exports map, so `Duration` would silently be `any`.
declare module 'ms' {
  type Unit =
    | 'ms'
    | 'msec'
    | 'msecs'
    | 'millisecond'
    | 'milliseconds'
    | 's'
    | 'sec'
    | 'secs'
    | 'second'
    | 'seconds'
    | 'm'
    | 'min'
    | 'mins'
    | 'minute'
    | 'minutes'
    | 'h'
    | 'hr'
    | 'hrs'
    | 'hour'
    | 'hours'
    | 'd'
    | 'day'
    | 'days'
    | 'w'
    | 'week'
    | 'weeks'
    | 'y'
    | 'yr'
    | 'yrs'
    | 'year'
    | 'years';
  export type StringValue = `${number}` | `${number}${Unit}` | `${number} ${Unit}`;
  export default function ms(value: StringValue | number): number;
}
