namespace Pulumi;

public class StackReferenceArgs : ResourceArgs
{
    /// <summary>The stack's full name: <c>organization/project/stack</c>.</summary>
    [Input("name", required: true)]
    public Input<string>? Name { get; set; }
}
