namespace HaCluster.Engine.Validation;

/// <summary>What is wrong with one property: its path, such as <c>vpcConfig.subnetIds[0]</c>, and the rest of the sentence.</summary>
internal sealed record PropertyProblem(string Path, string Message);
