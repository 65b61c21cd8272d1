namespace Pulumi;

/// <summary>
/// An input whose elements are inputs. Serialized element by element, so that one unknown or secret element does not make the whole
/// collection so.
/// </summary>
internal interface INestedInput
{
    IOutput Elements { get; }
}
