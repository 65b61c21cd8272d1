namespace HaCluster.Sdk.Generator.Typing;

/// <summary>In which role a type is written; nested types have a class for each.</summary>
internal enum TypeUse
{
    /// <summary>What a resource or function gives back.</summary>
    Output,

    /// <summary>Arguments of a resource.</summary>
    Input,

    /// <summary>What qualifies the lookup of a resource.</summary>
    State,

    /// <summary>Arguments of a function called with plain values.</summary>
    PlainInput,

    /// <summary>Arguments of a function called with inputs.</summary>
    FunctionInput,
}
