namespace HaCluster.Wire;

/// <summary>
/// Strings that represent values unknown before the deployment, one per type. .NET programs write and recognise only <see cref="String"/>,
/// the engine also uses it for unknowns without a type (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go).
/// </summary>
public static class UnknownSentinels
{
    public const string String = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    public const string Boolean = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";
    public const string Number = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
    public const string Array = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
    public const string Asset = "030794c1-ac77-496b-92df-f27374a8bd58";
    public const string Archive = "e48ece36-62e2-4504-bad9-02848725956a";
    public const string Object = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";
}
