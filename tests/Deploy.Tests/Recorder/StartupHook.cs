/// <summary>
/// Named by <c>DOTNET_STARTUP_HOOKS</c>, which loads this assembly by its path. With that it is found by its name, as a hosting start-up.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
    }
}
