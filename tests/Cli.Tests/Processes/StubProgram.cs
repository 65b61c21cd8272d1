using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>A .NET program that is not that of a stack: it writes a text to standard output, and ends or waits.</summary>
internal static class StubProgram
{
    /// <returns>The path of its assembly.</returns>
    public static string Write(Scratch scratch, string text, bool waits = false)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Stub"), typeof(object).Assembly);
        var program = assembly.DefineDynamicModule("Stub").DefineType("Stub", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var main = program.DefineMethod("Main", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [typeof(string[])]);
        var code = main.GetILGenerator();
        code.Emit(OpCodes.Ldstr, text);
        code.Emit(OpCodes.Call, typeof(Console).GetMethod(nameof(Console.Write), [typeof(string)])!);
        if (waits)
        {
            code.Emit(OpCodes.Ldc_I4, Timeout.Infinite);
            code.Emit(OpCodes.Call, typeof(Thread).GetMethod(nameof(Thread.Sleep), [typeof(int)])!);
        }

        code.Emit(OpCodes.Ret);
        program.CreateType();

        var metadata = assembly.GenerateMetadata(out var instructions, out var fields);
        var image = new BlobBuilder();
        new ManagedPEBuilder(
            PEHeaderBuilder.CreateExecutableHeader(), new MetadataRootBuilder(metadata), instructions, fields, entryPoint: MetadataTokens.MethodDefinitionHandle(main.MetadataToken)).Serialize(image);
        var path = scratch.At("Stub.dll");
        using (var file = File.Create(path))
            image.WriteContentTo(file);
        File.Copy(Path.ChangeExtension(Ha.Assembly, ".runtimeconfig.json"), scratch.At("Stub.runtimeconfig.json"));
        return path;
    }
}
