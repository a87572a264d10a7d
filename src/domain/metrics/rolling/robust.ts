/** These make a median absolute deviation, and a mean one, those of a normal distribution (domain 3.7). */
export const OF_MEDIAN = 1.4826;
export const OF_MEAN = 1.2533;
