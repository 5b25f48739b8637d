/// <summary>
/// Start-up hook (<c>DOTNET_STARTUP_HOOKS</c>) that loads this assembly by its path, so that it can be found by name as a hosting start-up.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
    }
}
