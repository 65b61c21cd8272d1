using HaCluster.Planning.Costs.Differences;
using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Documents;

/// <summary>
/// The document of <c>ha cost --json</c>. Amounts are USD per month of 730 hours without tax, rounded to cents; RANGE is
/// <c>{ "atRest": 1.00, "atMost": 2.00 }</c>: with every group at its desired size, and at its largest.
/// <code>
/// { "format": "hacluster.cost/1",
///   "project": "ha-cluster", "stack": "prod", "region": "eu-central-1", "currency": "USD", "hours": 730,
///   "monthly": RANGE,                          // spot groups at what spot costs on average
///   "monthlyOnDemand": RANGE,                  // as if they ran on demand
///   "assumed": RANGE,                          // the part of "monthly" that follows from "assumptions"
///   "components": [                            // most expensive first
///     { "name": "nodes", "monthly": RANGE,
///       "lines": [
///         { "what": "general: m7i.xlarge", "item": "ec2:m7i.xlarge",
///           "count": RANGE,                    // pieces, GB or GB-months; not rounded
///           "unit": "hour", "unitPrice": 0.2415, "basis": "computed",  // quoted, computed, remembered, own
///           "date": "2026-07-20", "source": "derived-7i",
///           "monthly": RANGE, "monthlyOnDemand": RANGE,
///           "zones": ["eu-central-1a"],        // left out for what is in no zone
///           "assumption": "nat-gb" } ] } ],    // left out for what the plan itself says
///   "redundancy": [ { "what": "...", "present": true, "monthly": RANGE, "method": "..." } ],
///   "assumptions": [ { "name": "nat-gb", "amount": 200, "measure": "...", "monthly": RANGE } ],
///   "unpriced": [ { "component": "...", "what": "...", "reason": "..." } ],   // in no sum: no price known
///   "notCounted": ["..."],                     // in no sum: left out on purpose
///   "free": [ { "type": "aws:iam/role:Role", "count": 20, "reason": "..." } ],
///   "difference": {                            // only with --against
///     "against": { "project": "...", "stack": "...", "region": "...", "monthly": RANGE },
///     "monthly": RANGE,                        // this plan less the other
///     "components": [ { "name": "nodes", "before": RANGE, "after": RANGE, "monthly": RANGE } ],
///     "lines": [ { "component": "nodes", "what": "...", "change": "added",    // removed, changed
///                  "countBefore": RANGE, "countAfter": RANGE, "monthly": RANGE } ] } }
/// </code>
/// The number in <c>format</c> grows when a reader of the old form would misread the new one; new entries may appear without that.
/// </summary>
public sealed record CostDocument(CostEstimate Estimate, CostDifference? Difference)
{
    public const string Format = "hacluster.cost/1";
}
