using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Policies;

namespace HaCluster.Planning.Plans.Documents;

/// <summary>
/// The document of <c>ha plan --json</c>: the whole resource graph of a run as one JSON object. Equal runs give equal bytes, so two plans can be compared with <c>diff</c>.
/// <code>
/// { "format": "hacluster.plan/1",
///   "project": "ha-cluster", "stack": "prod",
///   "mode": "simulated",                       // or "preview": ids and outputs unknown
///   "warnings": ["..."],                       // of the settings, the program and the plan
///   "firstUp": {                               // an estimate of the first pulumi up, of the longest path through the graph
///     "minutes": 52,
///     "path": [ { "urn": "...", "seconds": 600 } ] },
///   "policies": [                              // in the order of the catalog
///     { "id": "imdsv2", "title": "...",
///       "status": "holds",                     // or "incomplete" (see notInspected), "off", "violated": then the plan is refused
///       "reason": "...",                       // of the settings, why it is off or exempts resources
///       "why": "...", "source": "URL", "fix": "...",
///       "violations": [ { "urn": "...", "resource": "LaunchTemplate general", "problem": "..." } ],
///       "exempted": [ ],                       // as violations
///       "notInspected": ["chart velero"] } ],
///   "resources": [                             // parents before children, the stack first; siblings by URN
///     { "urn": "...", "type": "aws:ec2/subnet:Subnet", "name": "...", "parent": "URN",
///       "custom": true, "read": true, "id": "...", "provider": "URN::ID",
///       "inputs": { }, "outputs": { },
///       "dependencies": ["URN"], "propertyDependencies": { "vpcId": ["URN"] },
///       "options": { "protect": true, "aliases": [ ], "customTimeouts": { }, ... } } ],
///   "outputs": { },                            // of the stack
///   "invokes": [ { "token": "...", "arguments": { }, "result": { } } ],
///   "logs": [ { "severity": "warning", "message": "...", "urn": "..." } ] }
/// </code>
/// An entry that does not apply is left out (<c>firstUp</c>, <c>policies</c>, <c>reason</c>, <c>exempted</c>, <c>notInspected</c>, <c>parent</c>, <c>read</c>, <c>id</c>, <c>provider</c>, <c>outputs</c>, <c>dependencies</c>,
/// <c>propertyDependencies</c>, <c>options</c> and each option). Values are plain JSON, except that an object with exactly one entry
/// whose name begins with <c>$</c> is one of:
/// <list type="table">
/// <item><term><c>{"$secret": VALUE}</c></term><description>VALUE has the secret's structure; every scalar in it reads <c>[secret]</c></description></item>
/// <item><term><c>{"$unknown": true}</c></term><description>known only after a deployment</description></item>
/// <item><term><c>{"$output": {"value": VALUE, "secret": true, "dependencies": ["URN"]}}</c></term><description>an output value; without <c>value</c> it is unknown</description></item>
/// <item><term><c>{"$reference": {"urn": "URN", "id": "ID"}}</c></term><description>a resource; without <c>id</c> a component</description></item>
/// <item><term><c>{"$asset": {"path": "..."}}</c></term><description>or <c>text</c>, or <c>uri</c></description></item>
/// <item><term><c>{"$archive": {"path": "..."}}</c></term><description>or <c>uri</c>, or <c>assets</c> with an object of assets and archives</description></item>
/// <item><term><c>{"$number": "NaN"}</c></term><description>or <c>Infinity</c>, <c>-Infinity</c></description></item>
/// <item><term><c>{"$map": { }}</c></term><description>an ordinary object that would otherwise look like one of these</description></item>
/// </list>
/// The number in <c>format</c> grows when a reader of the old form would misread the new one; new entries may appear without that.
/// </summary>
public sealed record PlanDocument(ResourceGraph Graph, ImmutableArray<string> Warnings)
{
    public const string Format = "hacluster.plan/1";

    /// <summary>For readers of the document. It is derived from the graph, and not read back.</summary>
    public FirstUpEstimate? FirstUp { get; init; }

    /// <summary>Empty when the policies were not checked, as in documents of earlier versions.</summary>
    public ImmutableArray<PolicyResult> Policies { get; init; } = [];
}
