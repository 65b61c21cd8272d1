using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Stands where the engine sent something else than the asset that the type asks for; cannot be sent back.</summary>
internal sealed class InvalidAsset() : Asset(WireNames.Text, "");
