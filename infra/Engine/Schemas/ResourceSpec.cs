namespace HaCluster.Engine.Schemas;

/// <summary>A resource type: what it takes and what it gives back. The required outputs are those that always have a value.</summary>
internal sealed record ResourceSpec(string Token, ObjectSpec Inputs, ObjectSpec Outputs);
