namespace Pulumi;

/// <summary>A field or property that is sent to the engine.</summary>
internal sealed record InputMember(InputAttribute Attribute, string Name, Func<object, object?> GetValue);
