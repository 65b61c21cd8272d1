// The peer of the sentinel in its benchmark: the smallest web service of ASP.NET Core, compiled as it runs. It does nothing but answer.
var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls(args[0]);
builder.Logging.ClearProviders();
var app = builder.Build();
app.MapGet("/metrics", () => "nothing 1\n");
app.Run();
