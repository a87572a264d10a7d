import { defineMetric } from '../metric.ts';
import { choice } from '../params.ts';

export const forecastError = defineMetric({
  name: 'forecast-error',
  title: 'Forecast record',
  says: 'How far the settled rate came out from the running rate shown some minutes before.',
  unit: 'rate-per-interval',
  on: 'settlement',
  inputs: ['rate', 'seen60', 'seen15', 'seen5'],
  params: { minutes: choice('Minutes before the settlement.', ['60', '15', '5']) },
  formula: 'settled - running as seen 60, 15 or 5 minutes before (at most 5 minutes old then)',
  source: 'domain 3.6, forecast',
  start: ({ minutes }, no) => ({
    next(frame, row) {
      const seen = minutes === '60' ? frame.seen60 : minutes === '15' ? frame.seen15 : frame.seen5;
      const error = frame.rate[row]! - seen[row]!;
      return error === error ? error : no('gap');
    },
  }),
});
