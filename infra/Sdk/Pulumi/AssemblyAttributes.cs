using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sdk.Tests")]
