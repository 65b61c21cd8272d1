using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class ImdsV2 : Policy
{
    public override string Id => "imdsv2";

    public override string Title => "nodes answer only version 2 of the instance metadata service, and only themselves";

    public override string Why =>
        "Version 1 hands the node's role to any pod that can be made to fetch a URL; more than one hop hands it to every pod.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html");

    public override string Fix => "set metadataOptions of the launch template to httpTokens: required and httpPutResponseHopLimit: 1";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var template in graph.Of("aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"))
        {
            var options = template.Inputs.At("metadataOptions");
            if (options.At("httpEndpoint").Text() == "disabled")
                continue;
            if (options.At("httpTokens").Text() != "required")
                yield return Violation(template, "metadataOptions.httpTokens is not required");
            if (options.At("httpPutResponseHopLimit").Integer() is not 1)
                yield return Violation(template, "metadataOptions.httpPutResponseHopLimit is not 1");
        }
    }
}
